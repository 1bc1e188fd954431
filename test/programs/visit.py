# requests.Session with its cookie jar. usage: python3 visit.py <origin> <public key> <another>; tells what it
# was answered as one line of JSON.
import json, sys
import requests

origin, key, other = sys.argv[1:4]
client = requests.Session()
client.cookies.set('theme', 'dark')
practice = client.post(origin + '/api/v1/practice', json={'publicKey': key})
bearer = {'Authorization': 'Bearer ' + practice.json().get('token', '')}
challenge = client.post(
    origin + '/api/v1/login/challenge',
    json={'address': '0x71c7656ec7ab88b098defb751b7401b5f6d8976f', 'chainId': 1, 'publicKey': other},
)
account = client.get(origin + '/api/v1/account', headers=bearer)
signed_out = client.delete(origin + '/api/v1/session', headers=bearer)
print(
    json.dumps(
        {
            'practice': practice.status_code,
            'challenge': challenge.status_code,
            'account': account.status_code,
            'signedOut': signed_out.status_code,
            'cookies': len(client.cookies) - 1,
        }
    )
)
