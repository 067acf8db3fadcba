"""The portal's core. Free of Celery and Django: set-up imports it before anything is installed."""
