// PawlJournal
