from core_builders import terms


def test_a_login_is_the_credential_the_terms_name():
    assert terms(login="api_key").login_of({"user": "wile", "api_key": "K"}) == "K"


def test_a_login_that_ignores_case_is_folded():
    assert terms(login_ignores_case=True).login_of({"user": "WILE"}) == "wile"


def test_a_login_that_minds_its_case_stays_as_it_is():
    assert terms().login_of({"user": "WILE"}) == "WILE"


def test_a_login_that_was_not_given_is_empty():
    assert terms().login_of({}) == ""
