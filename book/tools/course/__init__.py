"""The book as a course: notebooks for students and teachers, assignments, slides."""
