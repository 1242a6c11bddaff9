"""/v1/parties: who a code means on a day, and all that is known of a party."""
