"""What must hold: pure functions (declaration, act) -> problems in words, by stage: form, submission, unit,
examination.
"""
