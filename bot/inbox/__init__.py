"""Raw updates of every channel, stored before they are acknowledged and worked on in order of their person."""
