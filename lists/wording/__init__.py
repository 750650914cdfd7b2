"""What happened, in the person's language: texts only, for forms, views and templates alike."""
