"""What people look at of plans, campaigns, tasks and deliverables."""
