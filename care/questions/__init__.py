"""Questions of parents: asked, decided, answered with a vetted passage or handed to a person, and rated."""
