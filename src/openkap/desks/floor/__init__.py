"""The dosing rooms: the board, the gate, the live room, going home, and the tablets on the walls."""
