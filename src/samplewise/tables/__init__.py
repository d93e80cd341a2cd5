"""The user's nouns: Table, TableWriter, Run, and the active run."""
