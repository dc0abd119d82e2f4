"""How numbers are written in each language, where the framework's own way could be misread."""
