"""The procedure through its pages, in a real browser: several roles, one city, one clock."""
