"""What families asked and found no good answer to: grouped for editors, written from, and told of when it is published."""
