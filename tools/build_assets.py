print("assets: nothing yet")
