"""What informed consent is made of, put together for one route, one way of care and one practice."""
