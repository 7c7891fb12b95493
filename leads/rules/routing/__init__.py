"""Who gets a lead that waits (domain.md section 8): ordered rules, territories, round robins. All of it is pure."""
