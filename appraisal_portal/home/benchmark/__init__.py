"""What ``manage.py bench`` measures: two yardsticks, the pages with their bars, the rows, the load, the clock of each process."""
