"""Pages of this stage: applicant, work unit, forwarder, committee office."""
