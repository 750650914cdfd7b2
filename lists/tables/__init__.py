"""Tables that people send: files of a spreadsheet, texts with separators, what was pasted. Knows no Django.

    bytes ──► read ──► Table ──► columns ──► Columns ──► contacts ──► Understood

What a spreadsheet has damaged is known again or refused with its row, and never guessed.
"""
