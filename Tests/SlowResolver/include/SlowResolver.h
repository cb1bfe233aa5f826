// Nothing is called: the library only has to be loaded.
