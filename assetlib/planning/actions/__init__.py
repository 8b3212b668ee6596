"""What people do with plans, campaigns, tasks and deliverables."""
