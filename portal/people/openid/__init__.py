"""What signing in through ID-porten and through HelseID have in common: a fixed request out, a strictly checked token
in, and plain words when it does not succeed."""
