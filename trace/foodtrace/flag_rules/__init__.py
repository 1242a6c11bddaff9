"""The rules behind the flags: pure functions over plain values, one file a subject.

None of them minds the order of what it is given, or being given the same thing twice.
"""
