"""What every page of ours stands on: the application, its guards, templates, languages and error pages. No page lives here."""
