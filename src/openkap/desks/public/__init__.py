"""What anyone may read: who this is, crisis help, and whether the site is well."""
