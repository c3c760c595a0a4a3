"""What the report shows, section by section: a figure is a pure function from tables to rows and chart."""
