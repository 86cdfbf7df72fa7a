"""What can be known from a shop's tables; imports no user interface."""
