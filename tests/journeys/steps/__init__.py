"""What each role does on its pages; nothing here calls a service or fires a transition."""
