"""Independent appraisal (自主评聘): units that appraise their own staff by their own plan."""
