"""The audit of a solution: `audit` of any weights, `audit_estimator` of other libraries' fitted models."""
