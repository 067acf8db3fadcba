"""Settings: `base` under three thin files; `env` alone reads the environment, `portal` holds our own values."""
