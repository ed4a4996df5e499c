"""The proof of the permissions: everybody tries everything, and each must fare as the one table says."""
