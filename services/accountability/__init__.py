"""Holding to account (督查问责): rules propose, a person decides, every act is on record.

`proposing` what the rules see · `deciding` approve, second, reject, hold, conclude · `replies` to orders, and their
review · `late` replies that climb · `papers` with the number of each · `telling` who hears · `view` who sees what.
"""
