"""What is stored: tables and runs as they lie in a store, and how they are read and derived."""
