# LemonLDAP::NG as one plain HTTP server: the portal, and its two ways of answering a reverse proxy.
# Started by lemonldap.ts; the accounts below are the household of the tests (the password is the login name).
use strict;
use warnings;

# The portal always loads a captcha module; one that does nothing saves the image libraries.
BEGIN {
    package Lemonldap::NG::Portal::Captcha::Nothing;
    require Mouse;
    Mouse->import;
    extends('Lemonldap::NG::Common::Module');
    sub init          { return 1 }
    sub init_captcha  { return }
    sub check_captcha { return 1 }
    $INC{'Lemonldap/NG/Portal/Captcha/Nothing.pm'} = __FILE__;
}

require Plack::App::File;
require Lemonldap::NG::Portal;
require Lemonldap::NG::Portal::UserDB::Demo;
require Lemonldap::NG::Handler::Server::Traefik;

%Lemonldap::NG::Portal::UserDB::Demo::demoAccounts = map {
    my ( $uid, $name ) = @$_;
    ( $uid => { uid => $uid, cn => $name, mail => "$uid\@home.example" } );
} ( [ gran => 'Gran' ], [ admin => 'Admin' ], [ anna => 'Anna' ] );

my $portal      = Lemonldap::NG::Portal->run( {} );
my $forwardAuth = Lemonldap::NG::Handler::Server::Traefik->run( {} );
my $static      = Plack::App::File->new( root => '/usr/share/lemonldap-ng/portal/htdocs' )->to_app;
my $javascript  = Plack::App::File->new( root => '/usr/share/javascript' )->to_app;

# nginx's auth_request wants 401 where Caddy and Traefik want the redirect itself.
sub nginxAuth {
    my ($env) = @_;
    my $answer = $forwardAuth->(
        { %$env, HTTP_X_FORWARDED_HOST => $env->{HTTP_HOST}, HTTP_X_FORWARDED_URI => $env->{HTTP_X_ORIGINAL_URI} } );
    $answer->[0] = 401 if $answer->[0] == 302 or $answer->[0] == 303;
    return $answer;
}

sub {
    my ($env) = @_;
    my $path = $env->{PATH_INFO};
    return $forwardAuth->($env) if $path eq '/forward-auth';
    return nginxAuth($env)      if $path eq '/nginx-auth';
    return $static->($env)      if $path =~ m{^/(static/|favicon)};
    return $javascript->( { %$env, PATH_INFO => $1 } ) if $path =~ m{^/javascript(/.*)};
    return $portal->($env);
};
