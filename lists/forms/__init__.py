"""What people type, checked before anything is asked of the API. Forms do no I/O."""
