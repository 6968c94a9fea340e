"""The audit of a solution: `audit` for any weights, `audit_estimator` for fitted models of other libraries."""
