// PawlEngine
