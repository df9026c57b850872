// PawlHost
