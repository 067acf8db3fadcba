"""Pages of this stage: the public check and result notices, the holder's certificates, the bureau's desk."""
