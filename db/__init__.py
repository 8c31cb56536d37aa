"""Tables, stores, migrations, secrets and sign-in of this workstation."""
