"""The review book: all content as pages that an attorney and a translator read and sign."""
