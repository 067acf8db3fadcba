"""What a person declares (申报) and the unit vouches for."""
