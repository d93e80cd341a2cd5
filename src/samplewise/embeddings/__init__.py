"""Who lies near whom: reducers and neighbours."""
