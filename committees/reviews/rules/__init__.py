"""What must hold for meetings and ballots; pure functions that give every problem in words."""
