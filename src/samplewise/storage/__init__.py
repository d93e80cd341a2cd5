"""Where bytes lie: the layout of a project, Lance data, commits, format versions."""
