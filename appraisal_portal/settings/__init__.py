"""Settings: `base` and three thin files over it; the environment is read in `env` only, the portal's own values in `portal`."""
