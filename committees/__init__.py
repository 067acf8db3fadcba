"""Two apps, for a committee acts twice: before declarations exist (plans) and after (reviews)."""
