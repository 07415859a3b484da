def words():
    return {}
