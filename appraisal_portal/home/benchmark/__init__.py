"""What ``manage.py bench`` measures: yardsticks, pages with their bars, rows, load, the clock of each process."""
