"""What the committee decided (评审): meetings, verdicts, publicity, objections."""
